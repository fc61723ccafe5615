import { clearCase, type ClearedCase } from '@kwartier/auction/module';
import { UnreadableFile, readJson } from './read-json.js';

/** Exit codes of the command: the worst of its files counts. */
const code = { fine: 0, differs: 1, unreadable: 2 } as const;
type Code = (typeof code)[keyof typeof code];

/** Clears the case in each file; answers on standard output for programs and on standard error for people. */
export async function clearFiles(files: readonly string[]): Promise<Code> {
  let worst: Code = code.fine;
  for (const file of files) {
    const ended = await clearFile(file);
    if (ended > worst) worst = ended;
  }
  return worst;
}

async function clearFile(file: string): Promise<Code> {
  let json: unknown;
  try {
    json = await readJson(file);
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return tellRefusal(file, { code: 'UNREADABLE', at: 'file', why: error.message });
  }
  const cleared = clearCase(json);
  return cleared.ok ? tellCleared(file, idOf(json), cleared.value) : tellRefusal(file, cleared.refusal);
}

function tellCleared(file: string, id: string | undefined, { mechanism, result, differences }: ClearedCase): Code {
  const equal = differences && differences.length === 0;
  console.log(JSON.stringify({ file, id, mechanism, ...result, equal, differences: equal ? undefined : differences }));
  if (equal === undefined) console.error(`${file}: cleared, nothing expected`);
  else if (equal) console.error(`${file}: equal`);
  else for (const line of differences!) console.error(`${file}: differs: ${line}`);
  return equal === false ? code.differs : code.fine;
}

function tellRefusal(file: string, refusal: { code: string; at: string | number; why: string }): Code {
  console.log(JSON.stringify({ file, refusal }));
  console.error(`${file}: ${refusal.at}: ${refusal.why} (${refusal.code})`);
  return code.unreadable;
}

const idOf = (json: unknown): string | undefined => {
  const id = typeof json === 'object' && json !== null && 'id' in json ? json.id : undefined;
  return typeof id === 'string' ? id : undefined;
};
