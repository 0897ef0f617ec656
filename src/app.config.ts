import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { z } from 'zod';

const flagList = z
  .string()
  .default('web,worker')
  .transform((text) => text.split(',').map((role) => role.trim()).filter(Boolean))
  .pipe(z.array(z.enum(['web', 'worker'])).min(1));

const optional = (schema: z.ZodString): z.ZodType<string | undefined> =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional()) as z.ZodType<string | undefined>;

const origin = (expected: string): z.ZodString => z.string().refine((text) => /^https?:\/\/[^/]+$/.test(text) && URL.canParse(text), expected);

const NETWORKS = new Set(['loopback', 'linklocal', 'uniquelocal']);

function isProxy(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const most = net.isIPv4(address) ? 32 : 128;
  return NETWORKS.has(text) || (net.isIP(address) !== 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)));
}

/** Every variable the hub reads, with the text of `.env.example` behind it. Nothing else reads the environment. */
const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  LISTEN_ADDRESS: optional(z.string().refine((text) => net.isIP(text) !== 0, 'expected an IP address such as 0.0.0.0')),
  PUBLIC_BASE_URL: optional(origin('expected https://host without a path or a slash at the end')),
  DATABASE_URL: optional(z.string().regex(/^postgres(ql)?:\/\//, 'expected postgres://user:password@host:5432/database')),
  REDIS_URL: optional(z.string().regex(/^rediss?:\/\//, 'expected redis://host:6379')),
  DATA_DIR: z.string().default('.data'),
  MEDIA_S3_BUCKET: optional(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected the name of a bucket, such as throughline-media')),
  MEDIA_S3_ENDPOINT: optional(origin('expected an origin such as https://minio.example.com:9000, without the bucket')),
  MEDIA_S3_REGION: z.string().regex(/^[A-Za-z0-9-]+$/, 'expected a region such as eu-central-1').default('us-east-1'),
  MEDIA_S3_ACCESS_KEY_ID: optional(z.string().min(1)),
  MEDIA_S3_SECRET_ACCESS_KEY: optional(z.string().min(1)),
  HUB_ROLES: flagList,
  TRUSTED_PROXIES: z
    .string()
    .default('loopback')
    .transform((text) => text.split(',').map((part) => part.trim()).filter(Boolean))
    .refine((parts) => parts.every(isProxy), 'expected IP addresses or networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas'),
  TWILIO_ACCOUNT_SID: optional(z.string().regex(/^AC[0-9a-f]{32}$/, 'expected AC and 32 hexadecimal digits, from the Twilio console')),
  TWILIO_AUTH_TOKEN: optional(z.string().min(1)),
  TWILIO_AUTH_TOKEN_SECONDARY: optional(z.string().min(1)),
  TWILIO_API_KEY: optional(z.string().regex(/^SK[0-9a-f]{32}$/, 'expected SK and 32 hexadecimal digits')),
  TWILIO_API_SECRET: optional(z.string().min(1)),
  TWILIO_API_ORIGIN: optional(origin('expected an origin such as http://127.0.0.1:4010')),
  TWILIO_MESSAGING_SERVICE_SID: optional(z.string().regex(/^MG[0-9a-f]{32}$/, 'expected MG and 32 hexadecimal digits')),
  TWILIO_CONVERSATIONS_SERVICE_SID: optional(z.string().regex(/^IS[0-9a-f]{32}$/, 'expected IS and 32 hexadecimal digits')),
  TWILIO_VERIFY_SERVICE_SID: optional(z.string().regex(/^VA[0-9a-f]{32}$/, 'expected VA and 32 hexadecimal digits')),
  OPENAI_API_KEY: optional(z.string().min(1)),
  OPENAI_BASE_URL: optional(z.string().regex(/^https?:\/\//, 'expected a URL such as https://api.openai.com/v1')),
  OPENAI_MODEL: z.string().default('gpt-4o-mini'),
  OPENAI_REALTIME_MODEL: z.string().min(1).default('gpt-realtime'),
  OPENAI_TRANSCRIPTION_MODEL: optional(z.string().min(1)),
  TURN_QUIET_MS: z.preprocess((value) => (value === '' ? undefined : value), z.coerce.number().int().min(0).max(120_000).optional()),
  VAPI_API_KEY: optional(z.string().min(1)),
  VAPI_SECRET: optional(z.string().min(16, 'expected at least 16 characters')),
  VAPI_ORIGIN: optional(origin('expected an origin such as http://127.0.0.1:4020')),
  SECRETS_KEY: optional(z.string().min(32, 'expected at least 32 characters')),
  MAIL_PRIVATE_HOSTS: z.string().default('').transform((text) => text.split(',').map((host) => host.trim()).filter(Boolean)),
  ADMIN_TOKEN: optional(z.string().min(16, 'expected at least 16 characters')),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Environment = z.infer<typeof environment>;

/** The bucket that attachments are kept in. */
export interface MediaBucket {
  bucket: string;
  /** Undefined: Amazon's own. */
  endpoint: string | undefined;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface TwilioConfig {
  accountSid: string;
  authToken: string;
  authTokenSecondary?: string | undefined;
  apiKey?: string | undefined;
  apiSecret?: string | undefined;
  apiOrigin?: string | undefined;
  messagingServiceSid?: string | undefined;
  conversationsServiceSid?: string | undefined;
  verifyServiceSid?: string | undefined;
}

/** The configuration as the house uses it. Frozen: it does not change while the process lives. */
export abstract class AppConfig {
  abstract readonly port: number;
  /** Origin under which Twilio reaches us; part of every signature. */
  abstract readonly publicBaseUrl: string;
  /** Whose `X-Forwarded-For` is believed. */
  abstract readonly trustedProxies: string[];
  abstract readonly dataDir: string;
  /** Undefined: attachments are kept in `dataDir`. */
  abstract readonly mediaBucket?: MediaBucket | undefined;
  abstract readonly databaseUrl: string;
  abstract readonly redisUrl: string | undefined;
  abstract readonly roles: { web: boolean; worker: boolean };
  abstract readonly twilio: TwilioConfig;
  /** `realtime`: the model that hears and speaks by itself; undefined where there is no key. `transcription`: the model that writes voicemail down; undefined: Twilio does. */
  abstract readonly model: { apiKey: string; baseUrl: string | undefined; name: string; realtime?: string | undefined; transcription?: string | undefined };
  /** Vapi, where a number of ours has it. `apiKey`: for calls to numbers at Twilio; `secret`: who asks for an assistant knows it. */
  abstract readonly vapi: { apiKey?: string | undefined; secret?: string | undefined; origin?: string | undefined };
  abstract readonly turnQuietMs: number | undefined;
  abstract readonly adminToken: string;
  /** Opens as much, but only as long as Twilio is simulated: the sandbox page shows it to whoever opens it. */
  abstract readonly sandboxToken?: string | undefined;
  /** What secrets of others are sealed with in the database; the same in every process. */
  abstract readonly secretsKey: string;
  /** Mail servers in private networks that mailboxes may name. */
  abstract readonly mailPrivateHosts: readonly string[];
  abstract readonly logLevel: string;
}

/** @throws an Error that names each wrong variable and what it should look like */
export function readEnvironment(source: NodeJS.ProcessEnv): Environment {
  const result = environment.safeParse(source);
  if (result.success) {
    mediaBucketOf(result.data);
    return result.data;
  }
  const lines = result.error.issues.map((issue) => `- ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The configuration is not usable. Correct these variables in .env or the environment:\n${lines.join('\n')}`);
}

/** @throws an Error that names what is missing: half of a store would be found out by the first attachment */
export function mediaBucketOf(env: Environment): MediaBucket | undefined {
  const { MEDIA_S3_BUCKET: bucket, MEDIA_S3_ENDPOINT: endpoint, MEDIA_S3_REGION: region, MEDIA_S3_ACCESS_KEY_ID: accessKeyId, MEDIA_S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!bucket && !endpoint && !accessKeyId && !secretAccessKey) return undefined;
  const missing = Object.entries({ MEDIA_S3_BUCKET: bucket, MEDIA_S3_ACCESS_KEY_ID: accessKeyId, MEDIA_S3_SECRET_ACCESS_KEY: secretAccessKey });
  if (bucket && accessKeyId && secretAccessKey) return { bucket, endpoint, region, accessKeyId, secretAccessKey };
  throw new Error(`For attachments in a bucket ${missing.filter(([, value]) => !value).map(([name]) => name).join(' and ')} must be set, too; for attachments in <DATA_DIR>/media none of MEDIA_S3_….`);
}

/** Values of `.env` below those of the real environment. */
export function loadDotEnv(folder = process.cwd()): void {
  const file = path.join(folder, '.env');
  if (fs.existsSync(file)) process.loadEnvFile(file);
}
