/** A place on somebody's pages where people write to the tenant: a sender of the channel `chat`. Its key is public. */
export interface Widget {
  key: string;
  tenantId: string;
  /** Whose pages may use it: `https://www.example.com`. */
  allowedOrigins: string[];
  title: string;
  greeting: string;
  accentColor: string;
  /** BCP 47. */
  locale: string;
  attachments: boolean;
  /** When visitors are asked who they are. */
  lead: 'after_first_answer' | 'off';
  createdAt: Date;
}

/** Somebody in front of one browser, at one origin. Their address is `chat:<id>`. */
export interface Visitor {
  id: string;
  tenantId: string;
  widgetKey: string;
  origin: string;
  expiresAt: Date;
  /** The conversations that hold what was said at their address, in the order in which it came there. */
  threads: string[];
  leadName: string | null;
  leadEmail: string | null;
  leadPhone: string | null;
  /** What of it a code has shown to be theirs. */
  verified: ('phone' | 'email')[];
  typingUntil: Date | null;
  createdAt: Date;
}

/** Who a visitor says they are. Claimed, until it is verified. */
export interface Lead {
  name: string | null;
  email: string | null;
  phone: string | null;
  verified: ('phone' | 'email')[];
}

export const leadOf = ({ leadName, leadEmail, leadPhone, verified }: Visitor): Lead => (
  { name: leadName, email: leadEmail, phone: leadPhone, verified });

/** What a token says, once its signature was found right. */
export interface ChatSession {
  tenantId: string;
  visitorId: string;
  widgetKey: string;
  origin: string;
  expiresAt: Date;
}

export interface Opened {
  token: string;
  expiresAt: Date;
  refreshToken: string;
  visitor: Visitor;
  widget: Widget;
}
