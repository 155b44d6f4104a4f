import type { OnnxAttribute } from '../onnx/proto';

interface HasAttributes {
  readonly attributes: readonly OnnxAttribute[];
}

/** A node's attribute of that type, null where it has none. */
function attributeOf({ attributes }: HasAttributes, name: string, type: OnnxAttribute['type']): unknown {
  return attributes.find((each) => each.name === name && each.type === type)?.value ?? null;
}

export const intOf = (node: HasAttributes, name: string, preset: number): number =>
  (attributeOf(node, name, 'int') as number | null) ?? preset;

export const intsOf = (node: HasAttributes, name: string): number[] | null =>
  attributeOf(node, name, 'ints') as number[] | null;

export const floatOf = (node: HasAttributes, name: string, preset: number): number =>
  (attributeOf(node, name, 'float') as number | null) ?? preset;

export const floatsOf = (node: HasAttributes, name: string): number[] | null =>
  attributeOf(node, name, 'floats') as number[] | null;

export const textOf = (node: HasAttributes, name: string, preset: string): string =>
  (attributeOf(node, name, 'string') as string | null) ?? preset;
