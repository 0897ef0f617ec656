/** What stays in this browser. Where the page may not store anything, it stays as long as the page. */
export class Keep {
  /** What the browser did not take. */
  private readonly unsaved = new Map<string, string>();

  constructor(
    private readonly prefix: string,
    private readonly storage: Storage | undefined,
  ) {}

  get(name: string): string | null {
    return this.unsaved.get(name) ?? attempt(() => this.storage?.getItem(this.prefix + name)) ?? null;
  }

  /** JSON; null where there is none, or something else has written there. */
  read<T>(name: string): T | null {
    return attempt(() => JSON.parse(this.get(name) ?? 'null') as T) ?? null;
  }

  set(name: string, value: string): void {
    const saved = attempt(() => {
      this.storage?.setItem(this.prefix + name, value);
      return this.storage !== undefined;
    });
    if (saved) this.unsaved.delete(name);
    else this.unsaved.set(name, value);
  }

  remove(name: string): void {
    this.unsaved.delete(name);
    attempt(() => this.storage?.removeItem(this.prefix + name));
  }

  /** The names that begin so, in no order. */
  names(beginning: string): string[] {
    const stored = attempt(() => Object.keys(this.storage ?? {})) ?? [];
    const own = stored.filter((name) => name.startsWith(this.prefix)).map((name) => name.slice(this.prefix.length));
    return [...new Set([...own, ...this.unsaved.keys()])].filter((name) => name.startsWith(beginning));
  }

  clear(): void {
    for (const name of this.names('')) this.remove(name);
  }

  /** Tells what another tab has changed. `null`: it may be anything. */
  onChange(told: (name: string | null) => void): () => void {
    const hear = ({ key, storageArea }: StorageEvent): void => {
      if (storageArea !== this.storage) return;
      if (key === null) told(null);
      else if (key.startsWith(this.prefix)) told(key.slice(this.prefix.length));
    };
    addEventListener('storage', hear);
    return () => removeEventListener('storage', hear);
  }
}

/** A browser that blocks storage throws already where it is named. */
export const localKeep = (prefix: string): Keep => new Keep(prefix, attempt(() => globalThis.localStorage));
export const tabKeep = (prefix: string): Keep => new Keep(prefix, attempt(() => globalThis.sessionStorage));

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
