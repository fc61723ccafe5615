export type EmbeddedServerErrorCode =
  | 'BINARIES_MISSING'
  | 'DATA_MISSING'
  | 'DATA_DAMAGED'
  | 'DATA_VERSION'
  | 'DISK_FULL'
  | 'HOME_FOREIGN'
  | 'HOME_IN_USE'
  | 'HOME_UNREACHABLE'
  | 'PASSWORD_REFUSED'
  | 'PORT_FORBIDDEN'
  | 'PORT_TAKEN'
  | 'START_FAILED'
  | 'STOP_FAILED'
  | 'USER_UNKNOWN';

/** Why an embedded server did not start: a code for programs and one sentence that tells a person what to do. */
export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';

  constructor(
    readonly code: EmbeddedServerErrorCode,
    whatToDo: string,
    options?: ErrorOptions,
  ) {
    super(whatToDo, options);
  }
}

export const passwordRefused = (cause?: unknown): EmbeddedServerError =>
  new EmbeddedServerError(
    'PASSWORD_REFUSED',
    'The file postgres/password of the home is missing or is not the password of its database: put the old file back, ' +
      'or choose another folder with --home.',
    { cause },
  );
