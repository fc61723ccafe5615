import { useState } from 'react';

interface TableTwinProps {
  /** Of what: "Prices". */
  readonly of: string;
  readonly columns: readonly string[];
  /** The first cell of a row names it. Only called while the table is open. */
  readonly rows: () => readonly (readonly string[])[];
}

/** The same figures as the chart above it, for eyes, ears and the clipboard. */
export function TableTwin({ of, columns, rows }: TableTwinProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className="twin" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{of} as a table</summary>
      {open && (
        // A part that scrolls must be reachable by key.
        <div className="twin-scroll" tabIndex={0} role="region" aria-label={`${of} as a table`}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows().map(([name, ...cells], row) => (
                <tr key={row}>
                  <th scope="row">{name}</th>
                  {cells.map((cell, column) => (
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
