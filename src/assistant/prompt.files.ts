import { promptFile } from '@throughline/llm/prompt-file.js';

/** What the assistant is and does. A tenant may replace it. */
export const SYSTEM_PROMPT = promptFile(import.meta.url, 'system');

/** How to read what follows, and whom to obey. Holds whatever a tenant writes. */
export const GROUND_RULES = promptFile(import.meta.url, 'ground-rules');
