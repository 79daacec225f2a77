/** Files that the bundler turns into strings: style sheets as their text, fonts in base64. */
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.woff2" {
  const base64: string;
  export default base64;
}
