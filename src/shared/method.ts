import { object, type Infer, type Schema } from '../core/schema';

type Fields = Readonly<Record<string, Schema<unknown>>>;

/** A request that the window may make: what it takes is checked where it arrives; what it answers is the engine's own word. */
export interface MethodOf<P, R> {
  readonly params: Schema<P>;
  /** For the type alone. */
  readonly result: () => R;
}

/** `method({ model: whole() }, result<ModelInfo>)` */
export const method = <F extends Fields, R>(
  fields: F,
  result: () => R,
): MethodOf<Infer<ReturnType<typeof object<F>>>, R> => ({ params: object(fields), result });

export const result = <R>(): R => undefined as R;

/** The types of such a list, by name. */
export type MethodsOf<D> = {
  [M in keyof D]: D[M] extends MethodOf<infer P, infer R> ? { params: P; result: R } : never;
};
