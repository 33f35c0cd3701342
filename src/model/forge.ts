/** Pull requests, as the line sees them. */

export interface PullRequest {
  readonly number: number;
  readonly url: string;
  readonly branch: string;
}

/** `pr` of a step's document. */
export type PullRequestState = 'open' | 'merged' | 'closed';

export interface FoundPullRequest extends PullRequest {
  readonly state: PullRequestState;
  readonly headSha: string;
  readonly body: string;
}
