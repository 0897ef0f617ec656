import { promptFile } from '@throughline/llm/prompt-file.js';

export const SUMMARISE_PROMPT = promptFile(import.meta.url, 'summarise');
