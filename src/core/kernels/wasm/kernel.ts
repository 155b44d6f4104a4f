type Words<Text extends string> = Text extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : Text;

/** The declaration of one kernel: its parameters' names, in the order in which WebAssembly takes them. */
export interface Declaration<Name extends string = string, Result extends 'nothing' | 'number' = 'nothing' | 'number'> {
  readonly parameters: readonly Name[];
  readonly result: Result;
}

/** A kernel that returns nothing. @param names of its parameters in order, separated by spaces. */
export function kernel<const Names extends readonly string[]>(
  ...names: Names
): Declaration<Words<Names[number]>, 'nothing'> {
  return { parameters: split(names), result: 'nothing' };
}

/** A kernel that returns a number. */
export function measure<const Names extends readonly string[]>(
  ...names: Names
): Declaration<Words<Names[number]>, 'number'> {
  return { parameters: split(names), result: 'number' };
}

function split<Name extends string>(names: readonly string[]): Name[] {
  return names.join(' ').split(' ') as Name[];
}

/** The function that callers use: it takes a record of the arguments by name. */
export type Call<D extends Declaration> =
  D extends Declaration<infer Name, infer Result>
    ? (values: Readonly<Record<Name, number>>) => Result extends 'number' ? number : void
    : never;

/**
 * Functions that take a record each and call what an instance exports, by position.
 *
 * They are made as source text, from the declarations alone: V8 inlines such a function into its caller, and the record
 * is never made. A function that reads the record in a loop would cost as much as a small kernel.
 */
export function callByName<Declarations extends Readonly<Record<string, Declaration>>>(
  declarations: Declarations,
  exported: unknown,
): { readonly [Name in keyof Declarations]: Call<Declarations[Name]> } {
  const names = Object.keys(declarations);
  const methods = Object.entries(declarations).map(
    ([name, { parameters }]) =>
      `${name}: (values) => ${name}(${parameters.map((each) => `values.${each}`).join(', ')})`,
  );
  const make = new Function('exported', `const { ${names.join(', ')} } = exported; return { ${methods.join(', ')} };`);
  return make(exported) as ReturnType<typeof callByName<Declarations>>;
}
