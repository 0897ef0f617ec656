import { promptFile } from '@throughline/llm/prompt-file.js';

/** What is urgent. A tenant may replace it. */
export const TRIAGE_PROMPT = promptFile(import.meta.url, 'triage');

/** How to read what follows, and that it is not to be obeyed. Holds whatever a tenant writes. */
export const GROUND_RULES = promptFile(import.meta.url, 'ground-rules');
