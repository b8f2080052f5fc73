import { type Account, account, type Comment, type LoopbackGithubOptions } from "./state.js";

/** Where the loopback GitHub answers; its documents are full of links. */
export interface Addresses {
  readonly apiUrl: string;
  readonly serverUrl: string;
}

/** Links of a repository, as GitHub spells their templates. */
const REPOSITORY_LINKS: Readonly<Record<string, string>> = {
  archive: "/{archive_format}{/ref}",
  assignees: "/assignees{/user}",
  blobs: "/git/blobs{/sha}",
  branches: "/branches{/branch}",
  collaborators: "/collaborators{/collaborator}",
  comments: "/comments{/number}",
  commits: "/commits{/sha}",
  compare: "/compare/{base}...{head}",
  contents: "/contents/{+path}",
  contributors: "/contributors",
  deployments: "/deployments",
  downloads: "/downloads",
  events: "/events",
  forks: "/forks",
  git_commits: "/git/commits{/sha}",
  git_refs: "/git/refs{/sha}",
  git_tags: "/git/tags{/sha}",
  hooks: "/hooks",
  issue_comment: "/issues/comments{/number}",
  issue_events: "/issues/events{/number}",
  issues: "/issues{/number}",
  keys: "/keys{/key_id}",
  labels: "/labels{/name}",
  languages: "/languages",
  merges: "/merges",
  milestones: "/milestones{/number}",
  notifications: "/notifications{?since,all,participating}",
  pulls: "/pulls{/number}",
  releases: "/releases{/id}",
  stargazers: "/stargazers",
  statuses: "/statuses/{sha}",
  subscribers: "/subscribers",
  subscription: "/subscription",
  tags: "/tags",
  teams: "/teams",
  trees: "/git/trees{/sha}",
};

const ACCOUNT_LINKS: Readonly<Record<string, string>> = {
  events: "/events{/privacy}",
  followers: "/followers",
  following: "/following{/other_user}",
  gists: "/gists{/gist_id}",
  organizations: "/orgs",
  received_events: "/received_events",
  repos: "/repos",
  starred: "/starred{/owner}{/repo}",
  subscriptions: "/subscriptions",
};

const BORN = "2019-05-15T15:19:25Z";

/** An identifier for GraphQL: opaque, with the kind in front. */
export const nodeId = (kind: string, id: number) => `${kind}_${Buffer.from(String(id)).toString("base64url")}`;

function links(templates: Readonly<Record<string, string>>, url: string): Record<string, string> {
  return Object.fromEntries(Object.entries(templates).map(([name, path]) => [`${name}_url`, `${url}${path}`]));
}

/** Somebody, where other documents mention them. */
export function accountJson({ apiUrl, serverUrl }: Addresses, { login, id, type }: Account) {
  const url = `${apiUrl}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(type === "Bot" ? "BOT" : "U", id),
    avatar_url: `${serverUrl}/avatars/${id}?v=4`,
    gravatar_id: "",
    url,
    html_url: type === "Bot" ? `${serverUrl}/apps/${login.replace("[bot]", "")}` : `${serverUrl}/${login}`,
    ...links(ACCOUNT_LINKS, url),
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

/** Somebody's public profile. */
export function profileJson(addresses: Addresses, person: Account) {
  const unknown = { name: null, company: null, location: null, email: null, hireable: null, bio: null };
  const counts = { public_repos: 1, public_gists: 0, followers: 0, following: 0 };
  return {
    ...accountJson(addresses, person),
    ...unknown,
    blog: "",
    ...counts,
    created_at: BORN,
    updated_at: BORN,
  };
}

/** A repository, either the one served or a fork of it. */
export function repositoryJson(
  addresses: Addresses,
  options: LoopbackGithubOptions,
  fork?: { readonly id: number; readonly owner: string },
) {
  const owner = account(fork?.owner ?? options.owner, fork === undefined ? "Organization" : "User");
  const fullName = `${owner.login}/${options.repository}`;
  const id = fork?.id ?? options.repositoryId;
  const url = `${addresses.apiUrl}/repos/${fullName}`;
  const htmlUrl = `${addresses.serverUrl}/${fullName}`;
  const visibility = options.visibility ?? "public";
  return {
    id,
    node_id: nodeId("R", id),
    name: options.repository,
    full_name: fullName,
    private: visibility === "private",
    visibility,
    owner: accountJson(addresses, owner),
    url,
    html_url: htmlUrl,
    ...links(REPOSITORY_LINKS, url),
    git_url: `git:${htmlUrl.replace(/^\w+:/, "")}.git`,
    ssh_url: `git@${new URL(htmlUrl).hostname}:${fullName}.git`,
    clone_url: `${htmlUrl}.git`,
    svn_url: htmlUrl,
    ...{ description: null, homepage: null, language: "Python", mirror_url: null, license: null, topics: [] },
    ...{ fork: fork !== undefined, archived: false, disabled: false, is_template: false },
    ...{ has_issues: true, has_projects: true, has_downloads: true, has_wiki: true, has_pages: false },
    ...{ has_discussions: false, allow_forking: true, web_commit_signoff_required: false },
    ...{ size: 0, forks: 0, forks_count: 0, stargazers_count: 0, watchers: 0, watchers_count: 0 },
    ...{ open_issues: 0, open_issues_count: 0, network_count: 0, subscribers_count: 0 },
    ...{ created_at: BORN, updated_at: BORN, pushed_at: BORN },
    default_branch: options.defaultBranch ?? "main",
  };
}

/** A comment of a pull request; pull requests are issues here, as on GitHub. */
export function commentJson(addresses: Addresses, { owner, repository }: LoopbackGithubOptions, comment: Comment) {
  const { id, issue, author, body, createdAt, updatedAt } = comment;
  const url = `${addresses.apiUrl}/repos/${owner}/${repository}/issues`;
  return {
    url: `${url}/comments/${id}`,
    html_url: `${addresses.serverUrl}/${owner}/${repository}/pull/${issue}#issuecomment-${id}`,
    issue_url: `${url}/${issue}`,
    id,
    node_id: nodeId("IC", id),
    user: accountJson(addresses, author),
    created_at: createdAt,
    updated_at: updatedAt,
    author_association: author.type === "Bot" ? "NONE" : "CONTRIBUTOR",
    body,
    performed_via_github_app: null,
  };
}
