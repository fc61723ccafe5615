import { createReadStream } from 'node:fs';

/** A million orders fit, and nobody fills our memory with a file that never ends. */
const mostBytes = 256 * 1024 * 1024;

/** Why a file holds nothing to work with, in words for the one who named it. */
export class UnreadableFile extends Error {}

/** Reads a file, or standard input for "-", and the JSON in it. */
export async function readJson(file: string): Promise<unknown> {
  const bytes = await readBytes(file);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableFile('expected text in UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableFile(`expected JSON: ${inOneLine((error as Error).message)}`);
  }
}

async function readBytes(file: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of file === '-' ? process.stdin : createReadStream(file)) {
      parts.push(part as Buffer);
      length += (part as Buffer).length;
      if (length > mostBytes) throw new UnreadableFile(`expected at most ${mostBytes} bytes`);
    }
  } catch (error) {
    throw error instanceof UnreadableFile ? error : new UnreadableFile(`cannot be read: ${reason(error)}`);
  }
  return Buffer.concat(parts);
}

const reason = (error: unknown): string => {
  const known: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'it may not be opened',
  };
  const { code, message } = error as NodeJS.ErrnoException;
  return known[code ?? ''] ?? inOneLine(message);
};

const inOneLine = (text: string): string => text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 160);
