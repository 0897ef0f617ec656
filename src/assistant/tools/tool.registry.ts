import { Injectable } from '@nestjs/common';
import type { ToolSpec } from '@throughline/llm/model.types.js';
import { z } from 'zod';
import { CurrentTimeTool } from './current-time.tool.js';
import { HandOffTool } from './hand-off.tool.js';
import { ForgetTool, KnownFactsTool, RememberTool } from './memory.tools.js';
import { SearchKnowledgeTool } from './search-knowledge.tool.js';
import type { Tool } from './tool.types.js';

export type Understood = { tool: Tool; args: unknown } | { refusal: string };

/** All the assistant can do besides talking. A new tool is one file and one line here. */
@Injectable()
export class ToolRegistry {
  private readonly tools: ReadonlyMap<string, Tool>;
  /** As the model is shown them. */
  readonly specs: readonly ToolSpec[];

  constructor(
    handOff: HandOffTool, remember: RememberTool, knownFacts: KnownFactsTool, forget: ForgetTool, knowledge: SearchKnowledgeTool, currentTime: CurrentTimeTool,
  ) {
    const tools: Tool[] = [handOff, remember, knownFacts, forget, knowledge, currentTime];
    this.tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.specs = tools.map(specOf);
  }

  /** Finds the tool a model asked for and checks what it wants to give it; a refusal is written for the model. */
  understand(name: string, rawArguments: string): Understood {
    const tool = this.tools.get(name);
    if (!tool) return { refusal: `There is no tool ${name.slice(0, 64)}. There are: ${[...this.tools.keys()].join(', ')}.` };
    const parsed = tool.arguments.safeParse(jsonOf(rawArguments));
    if (parsed.success) return { tool, args: parsed.data };
    return { refusal: `The arguments of ${name} are not usable:\n${z.prettifyError(parsed.error)}` };
  }
}

function specOf({ name, description, arguments: schema }: Tool): ToolSpec {
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, { io: 'input' });
  return { name, description, parameters };
}

/** Undefined for text that is not JSON, which no schema of a tool accepts. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
