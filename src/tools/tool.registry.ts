import { Inject, Injectable } from '@nestjs/common';
import type { ToolCall, ToolSpec } from '@throughline/llm/model.types.js';
import { z } from 'zod';
import type { Message } from '../conversations/conversations.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import type { Tool } from './tools.types.js';

/** All tools there are, as the room provides them. */
export const TOOLS = Symbol('tools');

export type Understood = { tool: Tool; args: unknown } | { refusal: string };

/** Finds tools by the name a model calls them. */
@Injectable()
export class ToolRegistry {
  private readonly tools: ReadonlyMap<string, Tool>;
  /** As the model is shown them. */
  readonly specs: readonly ToolSpec[];
  readonly spokenSpecs: readonly ToolSpec[];

  constructor(@Inject(TOOLS) tools: readonly Tool[]) {
    this.tools = new Map(tools.map((tool) => [tool.name, tool]));
    this.specs = tools.filter(({ onlySpoken }) => !onlySpoken).map(specOf);
    this.spokenSpecs = tools.filter(({ onlyWritten }) => !onlyWritten).map(specOf);
  }

  /** The first tool that this message of a call asks for, as a model would have called it. */
  async wishIn(tenant: Tenant, message: Message): Promise<ToolCall | null> {
    for (const tool of this.tools.values()) {
      const args = await tool.wishIn?.(tenant, message);
      if (args) return { id: `wish-${message.seq}`, name: tool.name, arguments: JSON.stringify(args) };
    }
    return null;
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
