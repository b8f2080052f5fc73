"""Train a decision tree on the white-wine quality table and log the run to MLflow."""

import argparse
import sys
from importlib.metadata import version

import mlflow
import pandas as pd
from mlflow.models import infer_signature
from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeRegressor

TARGET = "quality"
SEED = 2019
MODEL_PACKAGES = ("scikit-learn", "pandas", "numpy", "scipy")


def parse_args():
    """Mirror the parameters of the MLproject entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-path", required=True)
    parser.add_argument("--max-depth", type=int, required=True)
    parser.add_argument("--max-leaf-nodes", type=int, default=32)
    parser.add_argument("--model-name", default="None", help="register the model under this name unless it is None")
    parser.add_argument("--run-origin", default="default", help="label of the run, no effect on training")
    return parser.parse_args()


def load_table(path):
    """Stop before training on a table that cannot be the right one."""
    table = pd.read_csv(path)
    if TARGET not in table.columns:
        sys.exit(f"{path}: no column {TARGET!r}; found {', '.join(map(repr, table.columns))}")
    return table


def train(table, max_depth, max_leaf_nodes):
    """Return the fitted model, its metrics on the held-out rows and its signature.

    Both the split and the tree are seeded: a tree breaks ties between equally good splits at random.
    """
    features, target = table.drop(columns=TARGET), table[TARGET]
    train_x, test_x, train_y, test_y = train_test_split(features, target, test_size=0.30, random_state=SEED)
    model = DecisionTreeRegressor(max_depth=max_depth, max_leaf_nodes=max_leaf_nodes, random_state=SEED)
    model.fit(train_x, train_y)
    predictions = model.predict(test_x)
    metrics = {
        "mae": mean_absolute_error(test_y, predictions),
        "r2": r2_score(test_y, predictions),
        "rmse": root_mean_squared_error(test_y, predictions),
    }
    return model, metrics, infer_signature(test_x, predictions)


def main():
    """Log everything to the one run that `mlflow run` prepared, or to a new one without it.

    The entry point's parameters are not logged here: `mlflow run` logs them, and logging one again with other
    text fails, because MLflow parameters are immutable.
    """
    args = parse_args()
    table = load_table(args.data_path)
    with mlflow.start_run():
        mlflow.set_tag("run_origin", args.run_origin)
        dataset = mlflow.data.from_pandas(table, source=args.data_path, targets=TARGET, name="wine-quality")
        mlflow.log_input(dataset, context="training")
        model, metrics, signature = train(table, args.max_depth, args.max_leaf_nodes)
        mlflow.log_metrics(metrics)
        mlflow.sklearn.log_model(
            model,
            name="model",
            signature=signature,
            serialization_format="pickle",  # the default format, skops, refuses decision trees
            # Named here because inferring them loads the model in a second process, longer than the training.
            pip_requirements=[f"{package}=={version(package)}" for package in MODEL_PACKAGES],
            registered_model_name=None if args.model_name == "None" else args.model_name,
        )


if __name__ == "__main__":
    main()
