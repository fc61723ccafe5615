/** What is used of WebAssembly, named here because the types of no platform are needed otherwise. */
export interface WasmPlatform {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: unknown };
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  validate(bytes: Uint8Array): boolean;
}

export const platform = (globalThis as { WebAssembly?: WasmPlatform }).WebAssembly;
export const pageBytes = 65_536;

/** Undefined where there is no WebAssembly, or none with vector instructions. */
export function compiled(base64: string): object | undefined {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return platform?.validate(bytes) ? new platform.Module(bytes) : undefined;
}
