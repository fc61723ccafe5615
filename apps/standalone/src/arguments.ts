export interface Arguments {
  readonly mode: 'DEMO' | 'REAL' | undefined;
  readonly home: string | undefined;
  readonly speed: 1 | 60 | 600;
  readonly ask: 'HELP' | 'VERSION' | undefined;
}

export const help = `Kwartier: an electricity market for your neighbourhood

  npm start                      the demo street "Sonnenweg", living at 60 times real time
  npm start -- --demo            the demo street, also where KWARTIER_MODE is real
  npm start -- --real            an empty house in real time, for your own community
  npm start -- --speed 600       the demo at 1, 60 or 600 times real time
  npm start -- --home FOLDER     where everything is kept (default .kwartier, or KWARTIER_HOME)
  npm start -- --help            this page
  npm start -- --version         which Kwartier this is

Environment: PORT (8080), MQTT_PORT (1883), HOST (127.0.0.1), DATABASE_URL, MQTT_URL, CHAIN_RPC, KWARTIER_HOME,
KWARTIER_MODE (demo, real), KWARTIER_SEED, KWARTIER_DEMO_DAYS (28), KWARTIER_DEMO_HOURS (24), KWARTIER_ADMIN_TOKEN, LOG_LEVEL,
NODE_ENV. README.md says what they do.`;

/** Reads the words after `npm start --`; a word that is not understood is an error that names it. */
export function readArguments(words: readonly string[]): Arguments | { readonly error: string } {
  let mode: Arguments['mode'];
  let home: string | undefined;
  let speed: Arguments['speed'] = 60;
  let ask: Arguments['ask'];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--real') mode = 'REAL';
    else if (word === '--demo') mode = 'DEMO';
    else if (word === '--help' || word === '-h') ask = 'HELP';
    else if (word === '--version') ask = 'VERSION';
    else if (word === '--home') {
      home = words[++i];
      if (!home) return { error: '--home needs a folder' };
    } else if (word === '--speed') {
      const wanted = words[++i];
      if (wanted !== '1' && wanted !== '60' && wanted !== '600') return { error: '--speed is 1, 60 or 600' };
      speed = Number(wanted) as Arguments['speed'];
    } else return { error: `"${word}" is not understood; npm start -- --help shows what is` };
  }
  return { mode, home, speed, ask };
}
