import { Notice } from './Notice.js';

/** The way in where it is not a demo; the token lives as long as the tab. */
export function TokenForm({ onToken }: { readonly onToken: (token: string) => void }) {
  const submit = (form: FormData) => {
    const token = form.get('token');
    if (typeof token === 'string' && token.trim()) onToken(token.trim());
  };
  return (
    <Notice title="Kwartier">
      <form action={submit} className="token-form">
        <label htmlFor="token">Paste your access token</label>
        <input id="token" name="token" type="password" autoComplete="off" required />
        <button type="submit">Open</button>
      </form>
      <p>Your community manager hands it out. It is forgotten when you close this tab.</p>
    </Notice>
  );
}
