import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { builtWeb } from '@throughline/kernel/built-web.js';
import { HubError } from '@throughline/kernel/errors.js';

export type Encoding = 'br' | 'gzip' | 'identity';

interface Script {
  /** In milliseconds, as the file system counts. */
  builtAt: number;
  tag: string;
  bytes: Record<Encoding, Buffer>;
}

const squeezed = (plain: Buffer): Script['bytes'] => ({
  identity: plain,
  gzip: gzipSync(plain, { level: 9 }),
  br: brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }),
});

/** `widget.js` as it was built, squeezed once and then kept. */
@Injectable()
export class WidgetScript {
  private readonly file = path.join(builtWeb(path.dirname(fileURLToPath(import.meta.url))), 'widget.js');
  private script: Script | undefined;

  /** @throws HubError while it has not been built */
  read(): Script {
    const stat = fs.statSync(this.file, { throwIfNoEntry: false });
    if (!stat) throw new HubError('not_found', 'widget_not_built', 'The widget is not built yet: run npm run build.');
    if (this.script?.builtAt !== stat.mtimeMs) {
      const plain = fs.readFileSync(this.file);
      this.script = { builtAt: stat.mtimeMs, tag: createHash('sha256').update(plain).digest('base64url').slice(0, 22), bytes: squeezed(plain) };
    }
    return this.script;
  }
}
