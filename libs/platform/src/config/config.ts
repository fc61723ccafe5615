import { z } from 'zod';

const port = (fallback: number) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return { port: fallback, byName: false };
      if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return { port: Number(text), byName: true };
      context.addIssue({ code: 'custom', message: `is "${text}"; write a number from 0 to 65535` });
      return z.NEVER;
    });

const wholeNumber = (least: number, most: number, fallback: number) =>
  z
    .string()
    .default(String(fallback))
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      message: `is no whole number from ${least} to ${most}`,
    })
    .transform(Number);

const url = (...protocols: string[]) =>
  z
    .string()
    .refine((text) => protocols.includes(protocolOf(text)), {
      message: `is no address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
    })
    .optional();

const schema = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'], 'is none of development, production, test')
    .default('development'),
  KWARTIER_HOME: z.string().min(1, 'is empty; name a folder').default('.kwartier'),
  KWARTIER_MODE: z.enum(['demo', 'real'], 'is neither demo nor real').optional(),
  KWARTIER_SEED: wholeNumber(0, 999_999_999, 7),
  KWARTIER_DEMO_DAYS: wholeNumber(1, 60, 28),
  KWARTIER_DEMO_HOURS: wholeNumber(1, 72, 24),
  KWARTIER_ADMIN_TOKEN: z
    .string()
    .regex(/^[A-Za-z0-9_-]{24,}$/, 'is too easy to guess; use 24 or more of A-Z a-z 0-9 _ -')
    .optional(),
  HOST: z.string().min(1, 'is empty; name an address such as 127.0.0.1').default('127.0.0.1'),
  PORT: port(8080),
  MQTT_PORT: port(1883),
  DATABASE_URL: url('postgres:', 'postgresql:'),
  MQTT_URL: url('mqtt:', 'mqtts:'),
  CHAIN_RPC: url('http:', 'https:'),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug'], 'is none of error, warn, info, debug').default('info'),
});

export interface WantedPort {
  readonly port: number;
  /** Asked for by name: then the next free one will not do. */
  readonly byName: boolean;
}

export interface Config {
  readonly production: boolean;
  readonly home: string;
  readonly mode: 'DEMO' | 'REAL' | undefined;
  readonly seed: number;
  /** What a demo street has behind it when it is first shown: days of readings, and hours of trading. */
  readonly demoPast: { readonly days: number; readonly hours: number };
  readonly adminToken: string | undefined;
  readonly host: string;
  readonly http: WantedPort;
  readonly mqtt: WantedPort;
  readonly databaseUrl: string | undefined;
  readonly mqttUrl: string | undefined;
  readonly chainRpc: string | undefined;
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
}

/** What is wrong with the environment, one line a variable. */
export class ConfigError extends Error {
  readonly code = 'CONFIG';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([name]) => name in schema.shape));
  const parsed = schema.safeParse(set);
  const lines = parsed.error?.issues.map(({ path, message }) => `${String(path[0])} ${message}`) ?? [];
  if (env['NODE_ENV'] === 'production' && env['KWARTIER_MODE'] === 'demo')
    lines.push('KWARTIER_MODE is demo, whose keys and token everybody knows; in production use real');
  if (!parsed.success || lines.length > 0) throw new ConfigError(lines);
  const { data } = parsed;
  return {
    production: data.NODE_ENV === 'production',
    home: data.KWARTIER_HOME,
    mode: data.KWARTIER_MODE === undefined ? undefined : data.KWARTIER_MODE === 'demo' ? 'DEMO' : 'REAL',
    seed: data.KWARTIER_SEED,
    demoPast: { days: data.KWARTIER_DEMO_DAYS, hours: data.KWARTIER_DEMO_HOURS },
    adminToken: data.KWARTIER_ADMIN_TOKEN,
    host: data.HOST,
    http: data.PORT,
    mqtt: data.MQTT_PORT,
    databaseUrl: data.DATABASE_URL,
    mqttUrl: data.MQTT_URL,
    chainRpc: data.CHAIN_RPC,
    logLevel: data.LOG_LEVEL,
  };
}

function protocolOf(text: string): string {
  try {
    return new URL(text).protocol;
  } catch {
    return '';
  }
}
