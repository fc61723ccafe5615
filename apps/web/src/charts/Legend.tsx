export type Swatch = 'local' | 'supplier' | 'price' | 'tariffs' | 'load' | 'forecast' | 'median';

/** Says what each shape means; the swatch is drawn as the shape is. */
export function Legend({ items }: { readonly items: readonly (readonly [Swatch, string])[] }) {
  return (
    <ul className="legend">
      {items.map(([swatch, text]) => (
        <li key={swatch}>
          <SwatchBox swatch={swatch} />
          {text}
        </li>
      ))}
    </ul>
  );
}

export function SwatchBox({ swatch }: { readonly swatch: Swatch }) {
  const line = swatch === 'price' || swatch === 'median';
  return (
    <svg className="swatch" aria-hidden="true" width="16" height="12">
      {line ? <path className={swatch} d="M0 6H16" /> : <rect className={swatch} width="16" height="12" rx="2" />}
    </svg>
  );
}
