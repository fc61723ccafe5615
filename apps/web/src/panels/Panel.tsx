import { type ReactNode, useId } from 'react';

interface PanelProps {
  readonly title: string;
  readonly className: string;
  /** Why the newest figures are not there. */
  readonly problem?: string | undefined;
  /** Without figures the panel says that it waits, or what went wrong. */
  readonly ready: boolean;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ title, className, problem, ready, aside, children }: PanelProps) {
  const titleId = useId();
  return (
    <section className={`panel ${className}`} aria-labelledby={titleId}>
      <div className="panel-head">
        <h2 id={titleId}>{title}</h2>
        {aside}
      </div>
      {problem && <p className="problem">{ready ? 'The last update did not arrive.' : `Not available: ${problem}.`}</p>}
      {ready ? children : !problem && <p className="waiting">Fetching…</p>}
    </section>
  );
}
