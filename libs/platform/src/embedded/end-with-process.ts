const endings = new Set<() => void>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs `end` when this process ends by itself or by a signal; it must be quick and synchronous. Returns the way to take
 * it back. An application with its own signal handlers shuts down in its own order, and only its exit counts.
 */
export function endWithProcess(end: () => void): () => void {
  if (endings.size === 0) listen();
  endings.add(end);
  return () => {
    endings.delete(end);
    if (endings.size === 0) silence();
  };
}

function listen(): void {
  process.on('exit', endAll);
  for (const signal of signals) process.on(signal, dieOf);
}

function silence(): void {
  process.removeListener('exit', endAll);
  for (const signal of signals) process.removeListener(signal, dieOf);
}

function endAll(): void {
  for (const end of endings) end();
}

/** Our listener took away the signal's usual effect; when nobody else listens we restore it and die as asked. */
function dieOf(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endAll();
  silence();
  process.kill(process.pid, signal);
}
