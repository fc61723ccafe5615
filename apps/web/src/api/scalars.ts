/** 64-bit whole numbers travel as text, so that no digit is lost in a float. */
export type WattHours = string;
export type NanoCredits = string;
export type MicroCreditsPerKwh = string;
/** RFC 3339 in UTC. */
export type DateTime = string;
