import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react';
import { type ConnectionState, LiveConnection } from './live-connection.js';

const LiveContext = createContext<LiveConnection | undefined>(undefined);

/** Holds one connection for all that is below it. */
export function LiveProvider({ token, children }: { readonly token: string; readonly children: ReactNode }) {
  const [connection, setConnection] = useState<LiveConnection>();
  useEffect(() => {
    const opened = new LiveConnection(token);
    setConnection(opened);
    return () => opened.close();
  }, [token]);
  return connection && <LiveContext value={connection}>{children}</LiveContext>;
}

export function useConnection(): LiveConnection {
  const connection = use(LiveContext);
  if (!connection) throw new Error('A live part stands outside the LiveProvider');
  return connection;
}

export function useConnectionState(): ConnectionState {
  const connection = useConnection();
  return useSyncExternalStore(connection.watch, connection.state);
}
