import { useEffect, useState } from 'react';

export interface Config {
  readonly mode: 'DEMO' | 'REAL';
  readonly version: string;
}

const againMs = 2_000;

/** What kind of server this is; asked until it answers, because a page can be there before its server is ready. */
export function useConfig(): Config | undefined {
  const [config, setConfig] = useState<Config>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leave = new AbortController();
    const load = async (): Promise<void> => {
      try {
        const response = await fetch('/config.json', { signal: leave.signal });
        if (!response.ok) throw new Error(`/config.json answers ${response.status}`);
        setConfig((await response.json()) as Config);
      } catch {
        if (!leave.signal.aborted) timer = setTimeout(() => void load(), againMs);
      }
    };
    void load();
    return () => {
      leave.abort();
      clearTimeout(timer);
    };
  }, []);
  return config;
}
