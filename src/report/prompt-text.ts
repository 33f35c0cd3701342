/** `regen prompt` for a person. Scripts get the report as it is. */
import type { PromptReport } from '../model/prompt-report.js';
import { filePromptText } from './prompt-file-text.js';
import { packPromptText } from './prompt-pack-text.js';
import { itemPromptText } from './prompt-item-text.js';

export function promptText(report: PromptReport): string {
  switch (report.kind) {
    case 'none':
      return report.reason;
    case 'file':
      return filePromptText(report);
    case 'item':
      return itemPromptText(report);
    case 'pack':
      return packPromptText(report);
  }
}
