/** A name as the key of an object literal in TypeScript; `__proto__` would be its prototype. */
export function keyCode(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
