import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { openPage } from './browser.js';
import type { House } from './house.js';

export interface WebsiteOptions {
  /** What the page may load, as its own server says. `{hub}` is the hub's origin. */
  policy?: string;
  /** What stands in its head and body besides the widget's tag. */
  head?: string;
  body?: string;
  /** Attributes of the tag. */
  attributes?: string;
  /** Whether the hub knows that the widget is on this website. */
  isAllowed?: boolean;
}

/** Somebody's website at an origin of its own, with the widget on it. */
export class Website {
  private constructor(
    private readonly server: http.Server,
    readonly origin: string,
    readonly widgetKey: string,
  ) {}

  static async open(house: House, options: WebsiteOptions = {}): Promise<Website> {
    let page = '';
    const policy = options.policy?.replaceAll('{hub}', house.url).replaceAll('{socket}', house.url.replace('http', 'ws'));
    const server = http.createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...(policy ? { 'Content-Security-Policy': policy } : {}) }).end(page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const allowedOrigins = options.isAllowed === false ? ['https://shop.example.com'] : [origin];
    const { key } = await house.api<{ key: string }>('/widgets', {
      method: 'POST', body: { title: 'Riverside Clinic', greeting: 'How can we help?', accentColor: '#ffcc00', allowedOrigins },
    });
    page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
      <title>A shop</title><link rel="icon" href="data:,">${options.head ?? ''}</head>
      <body><main><h1>A shop</h1><a href="#one">One link</a></main>${(options.body ?? '').replaceAll('{key}', key)}
      <script src="${house.url}/widget.js" ${options.body ? '' : `data-widget-key="${key}"`} ${options.attributes ?? ''} async></script></body></html>`;
    return new Website(server, origin, key);
  }

  /** Somebody new looks at it. What the page complains of goes into `complaints`. */
  async visit(browser: Browser, complaints: string[][], options: BrowserContextOptions = {}): Promise<WidgetPage> {
    const opened = await openPage(browser, this.origin, options);
    complaints.push(opened.complaints);
    return new WidgetPage(opened.page);
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A page with the widget on it, as the visitor sees it. */
export class WidgetPage {
  constructor(readonly page: Page) {}

  get launcher(): Locator {
    return this.page.getByTestId('launcher');
  }

  get field(): Locator {
    return this.page.getByRole('textbox', { name: 'Write a message' });
  }

  /** Everything that was said, in the thread's order. */
  get log(): Locator {
    return this.page.getByRole('log').locator('.bubble');
  }

  async opens(): Promise<this> {
    await this.launcher.click();
    await this.field.waitFor();
    return this;
  }

  async says(text: string): Promise<void> {
    await this.field.fill(text);
    await this.page.keyboard.press('Enter');
  }

  async hears(text: string | RegExp): Promise<void> {
    await this.log.getByText(text).waitFor();
  }

  lines(): Promise<string[]> {
    return this.log.allInnerTexts();
  }

  /** The same visitor's next tab. */
  async anotherTab(): Promise<WidgetPage> {
    const page = await this.page.context().newPage();
    await page.goto(this.page.url());
    return new WidgetPage(page);
  }
}
