import { accentOf, type Accent } from './colour.js';
import { Chat } from './chat.js';
import { Hub } from './hub.js';
import { type Keep, localKeep, tabKeep } from './keep.js';
import { unreadOf } from './thread.js';
import type { ChatMessage, Lead, LeadAddress } from './wire.types.js';
import { localeOf, wordsIn } from './words/words.js';
import type { WidgetWords } from './words/words.types.js';

/** What the page says about its widget; empty texts count as not said. */
export interface Settings {
  hub: string;
  widgetKey: string;
  mode: 'bubble' | 'inline';
  theme: 'auto' | 'light' | 'dark';
  /** Which lower corner: `end` is right where one reads from left to right. */
  side: 'start' | 'end';
  accent: string | null;
  heading: string | null;
  locale: string | null;
  /** Whether the page's title counts what is unread. */
  titleBadge: boolean;
}

export interface WidgetEvents {
  open: undefined;
  close: undefined;
  unread: number;
  message: Pick<ChatMessage, 'id' | 'author' | 'body' | 'createdAt'>;
}

/** The least favourable ground that words in the brand's colour stand on. */
const GROUND = { light: '#f4f5f7', dark: '#16191d' };
const OPEN = 'open';
const SOUND = 'sound';
const LEAD = 'lead-skipped';

/** One widget on the page: the conversation, and how it is shown. */
export class Widget {
  readonly hub: Hub;
  readonly chat: Chat;
  /** What outlives the visit, and what this tab remembers from page to page. */
  readonly keep: Keep;
  readonly tab: Keep;
  isOpen: boolean;
  private readonly watchers = new Set<() => void>();
  private readonly listeners = new Map<string, Set<(detail: never) => void>>();
  private readonly leaving: (() => void)[] = [];
  private unread = 0;
  private pageTitle: string | undefined;

  constructor(readonly settings: Settings) {
    const prefix = `throughline:${settings.widgetKey}:`;
    this.keep = localKeep(prefix);
    this.tab = tabKeep(prefix);
    this.hub = new Hub(settings.hub, settings.widgetKey, this.keep);
    this.chat = new Chat(this.hub, this.keep);
    this.isOpen = settings.mode === 'inline' || this.tab.get(OPEN) !== null;
    this.listen();
  }

  /** A visitor who was here before may have an answer waiting; nobody else is looked up before they ask. */
  start(): void {
    if (this.isOpen || this.hub.knowsVisitor || this.chat.state.outgoing.length > 0) this.chat.start();
    else this.chat.prepare();
  }

  stop(): void {
    for (const leave of this.leaving.splice(0)) leave();
    this.chat.stop();
    this.showUnread(0);
  }

  open(): void {
    this.chat.start();
    if (this.isOpen) return;
    this.isOpen = true;
    this.tab.set(OPEN, '1');
    this.tell('open', undefined);
  }

  close(): void {
    if (!this.isOpen || this.settings.mode === 'inline') return;
    this.isOpen = false;
    this.tab.remove(OPEN);
    this.tell('close', undefined);
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** What the page knows of the visitor. It is claimed, like what visitors say themselves. */
  async identify(lead: Partial<Pick<Lead, 'name' | LeadAddress>>): Promise<void> {
    this.chat.lead(await this.hub.saveLead(lead));
  }

  /** For a shared computer, or when somebody signs out: the next one begins anew. */
  forget(): void {
    this.close();
    this.beginAnew();
  }

  private beginAnew(): void {
    this.chat.forget();
    this.tab.clear();
    this.start();
  }

  on<E extends keyof WidgetEvents>(event: E, told: (detail: WidgetEvents[E]) => void): () => void {
    const all = this.listeners.get(event) ?? new Set();
    this.listeners.set(event, all.add(told as (detail: never) => void));
    return () => all.delete(told as (detail: never) => void);
  }

  watch(told: () => void): () => void {
    this.watchers.add(told);
    return () => this.watchers.delete(told);
  }

  get locale(): string {
    const { locale } = this.settings;
    return localeOf([locale, document.documentElement.lang, this.chat.state.look?.locale, navigator.language]);
  }

  get words(): WidgetWords {
    return wordsIn(this.locale);
  }

  get heading(): string {
    return this.settings.heading ?? (this.chat.state.look?.title || this.words.chat);
  }

  accent(scheme: 'light' | 'dark'): Accent {
    return accentOf(this.settings.accent ?? this.chat.state.look?.accentColor, GROUND[scheme]);
  }

  get hasSound(): boolean {
    return this.keep.get(SOUND) !== null;
  }

  set hasSound(on: boolean) {
    if (on) this.keep.set(SOUND, '1');
    else this.keep.remove(SOUND);
    if (on) chime();
    this.changed();
  }

  get isLeadSkipped(): boolean {
    return this.keep.get(LEAD) !== null;
  }

  skipLead(): void {
    this.keep.set(LEAD, '1');
    this.changed();
  }

  private listen(): void {
    const back = (): void => {
      if (document.visibilityState === 'visible') this.chat.wake();
    };
    const gone = (): void => this.chat.suspect();
    addEventListener('online', back);
    addEventListener('offline', gone);
    document.addEventListener('visibilitychange', back);
    this.leaving.push(
      () => removeEventListener('online', back),
      () => removeEventListener('offline', gone),
      () => document.removeEventListener('visibilitychange', back),
      this.keep.onChange((name) => {
        // Another tab forgot the visitor.
        if (name === null || (name === 'refresh' && !this.hub.knowsVisitor)) this.beginAnew();
        else if (name === 'read') this.chat.readElsewhere();
      }),
      this.chat.watch(() => this.count()),
      this.chat.onMessage((message) => {
        if (this.hasSound) chime();
        const { id, author, body, createdAt } = message;
        this.tell('message', { id, author, body, createdAt });
      }),
    );
  }

  private count(): void {
    const { messages, readUpTo } = this.chat.state;
    const unread = unreadOf(messages, readUpTo).length;
    if (unread === this.unread) return;
    this.unread = unread;
    if (this.settings.titleBadge) this.showUnread(unread);
    this.tell('unread', unread);
  }

  private showUnread(count: number): void {
    if (count === 0) {
      if (this.pageTitle !== undefined) document.title = this.pageTitle;
      this.pageTitle = undefined;
      return;
    }
    this.pageTitle ??= document.title;
    document.title = `(${count}) ${this.pageTitle}`;
  }

  private tell<E extends keyof WidgetEvents>(event: E, detail: WidgetEvents[E]): void {
    for (const told of this.listeners.get(event) ?? []) told(detail as never);
    this.changed();
  }

  private changed(): void {
    for (const told of this.watchers) told();
  }
}

/** Two soft notes, made here: nothing to load. */
function chime(): void {
  const audio = new AudioContext();
  for (const [at, pitch] of [[0, 660], [0.12, 880]] as const) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.08, audio.currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + at + 0.25);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.26);
  }
  setTimeout(() => void audio.close(), 600);
}
