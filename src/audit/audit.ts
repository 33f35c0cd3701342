/** Which items of a target copy each other: what code finds, what a model is asked, and what its answer comes to. */
import type { BaseTree } from '../model/base-tree.js';
import type { Config } from '../model/config.js';
import type { Surroundings } from '../model/surroundings.js';
import { hashOf } from '../system/content-hash.js';
import { createMask } from '../system/mask.js';
import { answerJsonSchema } from './answer-schema.js';
import { judgeAnswer } from './answer.js';
import type { Judgement } from './answer.js';
import { readDictated } from './dictated.js';
import { findClusters } from './find.js';
import type { Findings } from './findings.js';
import { readItems } from './own-files.js';
import { auditCorrection, auditMessage, auditPrefix } from './question.js';

export interface AuditParts {
  readonly surroundings: Surroundings;
  readonly config: Config;
}

interface Audited {
  readonly target: string;
  /** In the plan's order. */
  readonly items: readonly { readonly id: string; readonly isTodo: boolean }[];
  readonly tree: BaseTree;
}

interface Question {
  readonly prefix: string;
  readonly prefixHash: string;
  readonly message: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

interface AuditStation {
  candidates(audited: Audited, signal: AbortSignal): Promise<Findings>;
  question(findings: Findings): Question;
  judge(findings: Findings, answer: unknown): Judgement;
  correction(problems: readonly string[]): string;
}

/** The audit of a config that asks for one. */
export function createAudit({ surroundings, config }: AuditParts): AuditStation {
  const mask = createMask(surroundings.env);
  return {
    async candidates({ target, items, tree }, signal) {
      const subject = { target, items: items.map(({ id }) => id), tree };
      const dictated = await readDictated(subject, config, signal);
      const texts = await readItems(subject, config, signal);
      signal.throwIfAborted();
      const audited = items.map((item, index) => ({ ...item, files: texts[index] ?? [] }));
      return { target, dictated: dictated.shared, clusters: findClusters(audited, dictated.all) };
    },
    question(findings) {
      const isStatic = ({ path }: { readonly path: string }): boolean => config.prompt.static.includes(path);
      const prefix = auditPrefix(findings.dictated.filter(isStatic));
      const message = auditMessage(
        findings,
        findings.dictated.filter((text) => !isStatic(text)),
      );
      return { prefix, prefixHash: hashOf(prefix), message, schema: answerJsonSchema };
    },
    judge: (findings, answer) => judgeAnswer(findings, answer, mask),
    correction: auditCorrection,
  };
}
