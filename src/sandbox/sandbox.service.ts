import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Inject, Injectable } from '@nestjs/common';
import { builtWeb } from '@throughline/kernel/built-web.js';
import { duration } from '@throughline/kernel/duration.js';
import { HubError, invalid } from '@throughline/kernel/errors.js';
import { z } from 'zod';
import { SANDBOX_OPTIONS, type SandboxOptions, type SandboxSession } from './sandbox.types.js';

/** Far beyond any timer of the house; further is a slip of the finger that cannot be taken back. */
const LONGEST = '366d';

const forwardSchema = z.object({ forward: z.string() });

@Injectable()
export class SandboxService {
  private readonly folder = builtWeb(path.dirname(fileURLToPath(import.meta.url)));

  constructor(@Inject(SANDBOX_OPTIONS) private readonly options: SandboxOptions) {}

  /** @throws while the page has not been built */
  pageFolder(): string {
    if (fs.existsSync(path.join(this.folder, 'index.html'))) return this.folder;
    throw new HubError('not_found', 'page_not_built', 'The sandbox page is not built yet: run npm run build.');
  }

  /** A page as a customer of the hub might have it, with the widget on it. */
  website(): string {
    return fs.readFileSync(path.join(this.pageFolder(), 'website.html'), 'utf8').replaceAll('{{widgetKey}}', this.options.widgetKey);
  }

  assetFolder(): string {
    return path.join(this.folder, 'assets');
  }

  async session(): Promise<SandboxSession> {
    const { token, scriptedModel, clock } = this.options;
    return { token, tenantId: await this.options.tenantId(), simulated: true, scriptedModel, mail: this.options.mailOrigin !== undefined, now: clock.now().toISOString() };
  }

  async forwardClock(body: unknown): Promise<{ now: string }> {
    await this.options.forwardClock(milliseconds(body));
    return { now: this.options.clock.now().toISOString() };
  }
}

function milliseconds(body: unknown): number {
  const wish = forwardSchema.safeParse(body);
  if (!wish.success) throw refusal('expected a text such as 15m');
  try {
    const ms = duration(wish.data.forward);
    if (ms <= duration(LONGEST)) return ms;
  } catch (error) {
    throw refusal(error instanceof Error ? error.message : 'expected a text such as 15m');
  }
  throw refusal(`at most ${LONGEST} at once`);
}

const refusal = (message: string): HubError => invalid(`forward: ${message}`, [{ path: 'forward', message }]);
