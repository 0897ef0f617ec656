import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** One line: a row of a table as it now is, or the sid of one that is gone. */
export type JournalLine = { t: string; r: object } | { t: string; d: string };

/**
 * An append-only file of rows. Each line is written before the call that caused it is answered, so what was
 * acknowledged survives `kill -9` (the bytes are with the kernel; nothing is promised for a power cut).
 */
export class Journal {
  private fd: number | undefined;

  constructor(private readonly file: string | undefined) {}

  /** The lines of last time. A torn last line, the mark of a kill in mid-write, was never acknowledged and is dropped. */
  read(): JournalLine[] {
    if (!this.file || !existsSync(this.file)) return [];
    const lines: JournalLine[] = [];
    for (const text of readFileSync(this.file, 'utf8').split('\n')) {
      if (!text) continue;
      try {
        lines.push(JSON.parse(text) as JournalLine);
      } catch {
        break;
      }
    }
    return lines;
  }

  /** Replaces the file by these lines; by renaming, so that a kill leaves either the old file or the new one. */
  rewrite(lines: Iterable<JournalLine>): void {
    if (!this.file) return;
    this.close();
    mkdirSync(dirname(this.file), { recursive: true });
    const fresh = `${this.file}.new`;
    this.fd = openSync(fresh, 'w', 0o600);
    for (const line of lines) this.append(line);
    renameSync(fresh, this.file);
  }

  append(line: JournalLine): void {
    if (this.fd !== undefined) writeSync(this.fd, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
  }
}
