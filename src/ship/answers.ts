/** What is read of GitHub's answers; everything else in them is ignored. */
import * as z from 'zod';
import type { FoundPullRequest } from '../model/forge.js';

/** A pull request, and whether its branch lives in the repository itself (a fork's may be gone: null). */
export interface SeenPullRequest extends FoundPullRequest {
  readonly headRepository: string | null;
}

export const pullRequestSchema = z
  .object({
    number: z.int(),
    html_url: z.string(),
    state: z.enum(['open', 'closed']),
    merged_at: z.string().nullish(),
    body: z.string().nullish(),
    head: z.object({
      ref: z.string(),
      sha: z.string(),
      repo: z.object({ full_name: z.string() }).nullish(),
    }),
  })
  .transform((pull): SeenPullRequest => ({
    number: pull.number,
    url: pull.html_url,
    branch: pull.head.ref,
    // A merged one is `closed` as well.
    state: pull.merged_at == null ? pull.state : 'merged',
    headSha: pull.head.sha,
    body: pull.body ?? '',
    headRepository: pull.head.repo?.full_name ?? null,
  }));

export const pullRequestsSchema = z.array(pullRequestSchema);

export const labelSchema = z.object({ name: z.string() });

export const labelsSchema = z.array(labelSchema);

export const repositorySchema = z.object({
  full_name: z.string(),
  archived: z.boolean().optional(),
  permissions: z.object({ push: z.boolean() }).optional(),
});

/** The body of a 4xx. */
export const problemSchema = z.object({
  message: z.string().default(''),
  errors: z
    .array(
      z.union([
        z.string().transform((message) => ({ code: null, field: null, resource: null, message })),
        z.object({
          code: z.string().nullish(),
          field: z.string().nullish(),
          resource: z.string().nullish(),
          message: z.string().nullish(),
        }),
      ]),
    )
    .default([]),
});
