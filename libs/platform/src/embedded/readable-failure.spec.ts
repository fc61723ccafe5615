import { readableFailure } from './readable-failure.js';

describe('what PostgreSQL said while it died', () => {
  it.each([
    ['initdb: error: could not look up effective user ID 4711: user does not exist', 'USER_UNKNOWN', '/etc/passwd'],
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', 'DISK_FULL', 'make room'],
    [
      'postgres: error while loading shared libraries: libicui18n.so.60: cannot open shared object file',
      'BINARIES_MISSING',
      'npm ci',
    ],
    ['FATAL:  database files are incompatible with server', 'DATA_VERSION', 'another version'],
    ['PANIC:  could not locate a valid checkpoint record at 0/1747BB8', 'DATA_DAMAGED', 'restore a backup'],
    ['FATAL:  something nobody has seen before', 'START_FAILED', 'something nobody has seen before'],
  ])('%s', (said, code, advice) => {
    const failure = readableFailure(`LOG:  starting PostgreSQL\n${said}\n`, 'postgres/log');
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(advice);
    expect(failure.message).not.toContain('LOG:');
  });
});
