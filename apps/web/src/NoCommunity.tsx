import { Notice } from './Notice.js';

/** A market that was started for real and has no street yet. */
export function NoCommunity({ onLookAgain }: { readonly onLookAgain: () => void }) {
  return (
    <Notice title="No community yet">
      <p>The market runs, and it has no street to run for.</p>
      <ol>
        <li>Add a zone with its transformer and feeders.</li>
        <li>Add homes, their meters and their supplier tariffs.</li>
        <li>Let the meters send; the first price follows at the next gate.</li>
      </ol>
      <p>
        The README and its docs show each step. <a href="/graphql">The API is at /graphql.</a>
      </p>
      <p>
        Only looking? Start with <code>npm start</code>, and a demo street is there at once.
      </p>
      <button type="button" onClick={onLookAgain}>
        Look again
      </button>
    </Notice>
  );
}
