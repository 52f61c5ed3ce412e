/** A text that the bundler puts into the page. */
declare module "*.txt" {
  const text: string;
  export default text;
}
/** A program whose text the bundler puts into the page. */
declare module "*.py" {
  const text: string;
  export default text;
}
