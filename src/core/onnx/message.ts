import protobuf from 'protobufjs/minimal.js';
import { say, type Message as Sentence } from '../../words';
import { OnnxError } from './error';

/** Wire types of Protocol Buffers: how a field's value is encoded. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/**
 * The most memory that decoding one file may take, counted in numbers of 8 bytes: about 16 million. Raw tensor data
 * costs nothing, because it is a view of the file. No real model comes near the limit; it stops files made of millions
 * of empty nodes.
 */
const BUDGET = 1 << 24;
const MESSAGE_COST = 32;
const TEXT_COST = 4;
const BIG_COST = 4;

/**
 * Walks over the fields of one message. Every length is checked against the bytes left before anything is read, so a
 * wrong length allocates nothing. Every error says where in the file's structure it occurred.
 */
export class Message {
  /** Number of the field that `next` found. */
  field = 0;
  private wire = 0;
  private readonly reader: protobuf.Reader;

  /**
   * @param where the path of this message, like `graph.node[3]`; '' for the whole file.
   * @param budget shared by all messages of a file.
   */
  constructor(
    private readonly bytes: Uint8Array,
    readonly where: string,
    private readonly budget = { left: BUDGET },
  ) {
    this.reader = new protobuf.Reader(bytes);
  }

  /** Moves to the next field; false at the end. */
  next(): boolean {
    if (this.reader.pos >= this.reader.len) return false;
    const tag = this.varint32('field');
    this.field = tag >>> 3;
    this.wire = tag & 7;
    if (this.field === 0) throw this.broken('field', say('onnx.field-zero'));
    return true;
  }

  /** A 64-bit signed integer; beyond 2⁵³ the nearest double. */
  integer(name: string): number {
    this.expect(VARINT, name);
    return this.varint64(name);
  }

  float(name: string): number {
    this.expect(FIXED32, name);
    return this.guard(name, () => this.reader.float());
  }

  /** The bytes of a length-delimited field, not copied. */
  slice(name: string): Uint8Array {
    this.expect(BYTES, name);
    const length = this.varint32(name);
    const start = this.reader.pos;
    if (length > this.reader.len - start) {
      throw this.broken(name, say('onnx.announced', { size: length, left: this.reader.len - start }));
    }
    this.reader.pos = start + length;
    return this.bytes.subarray(start, start + length);
  }

  /** As `slice`, for what there may be millions of. */
  bytesOf(name: string): Uint8Array {
    this.spend(MESSAGE_COST);
    return this.slice(name);
  }

  text(name: string): string {
    const slice = this.slice(name);
    this.spend(TEXT_COST + slice.length / 8);
    return protobuf.util.utf8.read(slice, 0, slice.length);
  }

  message(name: string): Message {
    this.spend(MESSAGE_COST);
    return new Message(this.slice(name), this.path(name), this.budget);
  }

  /** Appends a repeated integer, packed or not. */
  integers(name: string, list: number[]): void {
    if (this.wire === VARINT) {
      this.spend(1);
      list.push(this.varint64(name));
    } else {
      const packed = this.message(name);
      while (packed.reader.pos < packed.reader.len) {
        this.spend(1);
        list.push(packed.varint64('element'));
      }
    }
  }

  /** Appends a repeated float to a list, packed or not. */
  floats(name: string, list: number[]): void {
    this.fixed(name, FIXED32, 4, (view, at) => view.getFloat32(at, true), list);
  }

  doubles(name: string, list: number[]): void {
    this.fixed(name, FIXED64, 8, (view, at) => view.getFloat64(at, true), list);
  }

  /** Repeated integers of 64 bits, exact; `unsigned` ones from 0 to 2⁶⁴ − 1. */
  bigIntegers(name: string, list: bigint[], unsigned: boolean): void {
    const exact = (value: bigint): bigint => (unsigned ? BigInt.asUintN(64, value) : value);
    if (this.wire === VARINT) {
      this.spend(BIG_COST);
      list.push(exact(this.exact64(name)));
    } else {
      const packed = this.message(name);
      while (packed.reader.pos < packed.reader.len) {
        this.spend(BIG_COST);
        list.push(exact(packed.exact64('element')));
      }
    }
  }

  /** The bytes of packed numbers, `width` bytes each; null where they are not packed. Costs nothing: they are not copied. */
  packed(name: string, width: number): Uint8Array | null {
    if (this.wire !== BYTES) return null;
    const slice = this.slice(name);
    if (slice.length % width !== 0) throw this.broken(name, say('onnx.floats', { size: slice.length }));
    return slice;
  }

  private fixed(
    name: string,
    wire: number,
    width: number,
    read: (view: DataView, at: number) => number,
    list: number[],
  ): void {
    const slice = this.packed(name, width) ?? this.take(name, wire, width);
    this.spend(slice.length / width);
    const view = new DataView(slice.buffer, slice.byteOffset, slice.byteLength);
    for (let at = 0; at < slice.length; at += width) list.push(read(view, at));
  }

  /** The bytes of one number of a fixed width. */
  private take(name: string, wire: number, width: number): Uint8Array {
    this.expect(wire, name);
    const { pos, len } = this.reader;
    if (len - pos < width) throw this.broken(name, say('onnx.needed', { size: width, left: len - pos }));
    this.reader.pos = pos + width;
    return this.bytes.subarray(pos, pos + width);
  }

  /** Skips a field that is not read. */
  skip(): void {
    this.spend(TEXT_COST);
    this.pass(`#${this.field}`);
  }

  /** A field's value as the file encodes it, whatever its type; of texts and messages without their length. Not copied. */
  value(name: string): Uint8Array {
    this.spend(MESSAGE_COST);
    if (this.wire === BYTES) return this.slice(name);
    const start = this.reader.pos;
    this.pass(name);
    return this.bytes.subarray(start, this.reader.pos);
  }

  private pass(name: string): void {
    if (this.wire === VARINT) this.varint64(name);
    else if (this.wire === BYTES) this.slice(name);
    else if (this.wire === FIXED32) this.take(name, FIXED32, 4);
    else if (this.wire === FIXED64) this.take(name, FIXED64, 8);
    else throw this.broken(name, say('onnx.wire-unknown', { found: this.wire }));
  }

  path(name: string): string {
    return this.where === '' ? name : `${this.where}.${name}`;
  }

  broken(name: string, reason: Sentence): OnnxError {
    return new OnnxError('format', say('onnx.damaged', { place: this.path(name), reason }));
  }

  private spend(cost: number): void {
    this.budget.left -= cost;
    if (this.budget.left < 0) {
      throw new OnnxError('invalid', say('onnx.entries', { place: this.where || say('onnx.the-file') }));
    }
  }

  private expect(wire: number, name: string): void {
    if (this.wire !== wire) throw this.broken(name, say('onnx.wire', { found: this.wire, expected: wire }));
  }

  private varint32(name: string): number {
    return this.guard(name, () => this.reader.uint32());
  }

  private varint64(name: string): number {
    // A `Long` if the package `long` is installed, otherwise a number.
    return Number(this.guard(name, () => this.reader.int64()).toString());
  }

  private exact64(name: string): bigint {
    return BigInt(this.guard(name, () => this.reader.int64()).toString());
  }

  /** protobufjs throws RangeError at the end of the bytes, and Error for a number of too many. */
  private guard<T>(name: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw this.broken(name, say(error instanceof RangeError ? 'onnx.ends' : 'onnx.number'));
    }
  }
}
