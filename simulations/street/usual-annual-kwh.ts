/** What a home uses in a year without car and electric hot water, by the people in it. */
export const usualAnnualKwh = (persons: number): number => 800 + 650 * persons;
