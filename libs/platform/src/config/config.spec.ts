import { ConfigError, readConfig } from './config.js';

const linesOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
};

describe('readConfig', () => {
  it('needs nothing', () => {
    expect(readConfig({})).toMatchObject({ home: '.kwartier', http: { port: 8080, byName: false }, mode: undefined });
  });

  it('knows a port that was asked for by name', () => {
    expect(readConfig({ PORT: '8080' }).http).toEqual({ port: 8080, byName: true });
  });

  it.each([
    [{ PORT: 'http' }, 'PORT is "http"; write a number from 0 to 65535'],
    [{ PORT: '70000' }, 'PORT is "70000"; write a number from 0 to 65535'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL is no address that begins with postgres:// or postgresql://'],
    [{ MQTT_URL: 'nonsense' }, 'MQTT_URL is no address that begins with mqtt:// or mqtts://'],
    [{ KWARTIER_MODE: 'test' }, 'KWARTIER_MODE is neither demo nor real'],
    [{ KWARTIER_DEMO_DAYS: '0' }, 'KWARTIER_DEMO_DAYS is no whole number from 1 to 60'],
    [{ KWARTIER_DEMO_HOURS: '1.5' }, 'KWARTIER_DEMO_HOURS is no whole number from 1 to 72'],
    [
      { NODE_ENV: 'production', KWARTIER_MODE: 'demo' },
      'KWARTIER_MODE is demo, whose keys and token everybody knows; in production use real',
    ],
    [
      { KWARTIER_ADMIN_TOKEN: 'secret' },
      'KWARTIER_ADMIN_TOKEN is too easy to guess; use 24 or more of A-Z a-z 0-9 _ -',
    ],
  ])('%j: %s', (env, line) => {
    expect(linesOf(env as Record<string, string>)).toEqual([line]);
  });

  it('names every wrong variable at once', () => {
    expect(linesOf({ PORT: '-1', KWARTIER_SEED: 'x', LOG_LEVEL: 'loud' })).toHaveLength(3);
  });
});
