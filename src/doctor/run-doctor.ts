export async function runDoctor(_options: {
  readonly project: string | undefined;
  readonly json: boolean;
}): Promise<number> {
  return 2;
}
