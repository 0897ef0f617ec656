/** So many of something at once in this process, and so many of them of one. */
export class Seats {
  private readonly taken = new Map<string, number>();
  private all = 0;

  constructor(
    readonly most: number,
    readonly mostOfOne: number,
  ) {}

  /** @returns false where there is none; otherwise one is theirs until they leave it */
  take(whose: string): boolean {
    const own = this.taken.get(whose) ?? 0;
    if (this.all >= this.most || own >= this.mostOfOne) return false;
    this.taken.set(whose, own + 1);
    this.all += 1;
    return true;
  }

  leave(whose: string): void {
    const own = this.taken.get(whose) ?? 0;
    if (own === 0) return;
    if (own === 1) this.taken.delete(whose);
    else this.taken.set(whose, own - 1);
    this.all -= 1;
  }
}
