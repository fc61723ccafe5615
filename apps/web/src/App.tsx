import { useState } from 'react';
import { LiveProvider } from './live/LiveProvider.js';
import { Market } from './Market.js';
import { Notice } from './Notice.js';
import { TokenForm } from './TokenForm.js';
import { useConfig } from './useConfig.js';

const tokenKey = 'kwartier.token';

/** Finds out who looks: in the demo everyone, otherwise the holder of a token. */
export function App() {
  const config = useConfig();
  const [token, setToken] = useState(() => sessionStorage.getItem(tokenKey) ?? undefined);
  if (!config) return <Notice title="Kwartier">Waiting for the market…</Notice>;

  const keepToken = (pasted: string) => {
    sessionStorage.setItem(tokenKey, pasted);
    setToken(pasted);
  };
  const startOver = () => {
    sessionStorage.removeItem(tokenKey);
    location.reload();
  };
  const used = config.mode === 'DEMO' ? 'demo' : token;
  if (used === undefined) return <TokenForm onToken={keepToken} />;
  return (
    <LiveProvider key={used} token={used}>
      <Market config={config} onOtherToken={startOver} />
    </LiveProvider>
  );
}
