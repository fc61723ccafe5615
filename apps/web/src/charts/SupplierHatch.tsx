/** The supplier's colour carries stripes, so that nobody has to tell it from the community's by hue. */
export function SupplierHatch() {
  return (
    <svg className="definitions" aria-hidden="true" width="0" height="0">
      <pattern id="supplier-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect className="hatch-ground" width="5" height="5" />
        <rect className="hatch-stripe" width="2.4" height="5" />
      </pattern>
    </svg>
  );
}
