import type { LoggerService } from '@nestjs/common';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';
const rank: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };

/** One JSON object a line: what happened, where, and figures. Never a payload, a name or a token. */
export class JsonLogger implements LoggerService {
  constructor(
    private readonly level: LogLevel,
    private readonly write: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
  ) {}

  log(message: unknown, context?: string): void {
    this.line('info', message, context);
  }
  warn(message: unknown, context?: string): void {
    this.line('warn', message, context);
  }
  debug(message: unknown, context?: string): void {
    this.line('debug', message, context);
  }
  verbose(message: unknown, context?: string): void {
    this.line('debug', message, context);
  }
  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }
  error(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    this.line('error', message, typeof context === 'string' && !context.includes('\n') ? context : undefined);
  }

  private line(level: LogLevel, message: unknown, context: string | undefined): void {
    if (rank[level] > rank[this.level]) return;
    const said = message instanceof Error ? { error: message.name, message: message.message } : toFields(message);
    this.write(JSON.stringify({ time: new Date().toISOString(), level, at: context, ...said }));
  }
}

const toFields = (message: unknown): object =>
  typeof message === 'object' && message !== null ? message : { message: String(message) };
