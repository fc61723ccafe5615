import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** One built process, as an operator starts it. Its log is one JSON object a line. */
export class TestProcess {
  private log = '';
  private readonly ended: Promise<number | null>;

  private constructor(
    readonly name: string,
    private readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout!, child.stderr!])
      stream.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    this.ended = new Promise((resolve) => child.once('close', resolve));
  }

  static start(name: string, env: Readonly<Record<string, string>>): TestProcess {
    const child = spawn(process.execPath, ['--enable-source-maps', `dist/apps/${name}/src/main.js`], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', MQTT_PORT: '0', ...env },
    });
    return new TestProcess(name, child);
  }

  get lines(): readonly Readonly<Record<string, unknown>>[] {
    const whole = this.log.slice(0, this.log.lastIndexOf('\n') + 1);
    return whole.split('\n').filter(Boolean).map(fieldsOf);
  }

  /** Its address, once it answers that it is ready. */
  async ready(): Promise<string> {
    return eventually(`${this.name} is ready`, async () => {
      if (this.child.exitCode !== null) throw new Error(`${this.name} ended:\n${this.log}`);
      const port = this.lines.find(({ message }) => message === 'listening')?.['port'];
      if (typeof port !== 'number') return undefined;
      const url = `http://127.0.0.1:${port}`;
      return (await fetch(`${url}/ready`)).ok ? url : undefined;
    });
  }

  /** Tells it to stop; its exit code. */
  async stop(): Promise<number | null> {
    this.child.kill('SIGTERM');
    return this.ended;
  }

  async exitCode(): Promise<number | null> {
    return this.ended;
  }
}

/** A tool of others may say a line in its own way. */
function fieldsOf(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { message: line };
  }
}

/** Asks until there is an answer. */
export async function eventually<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(100);
  }
  throw new Error(`Waited in vain until ${what}`);
}
