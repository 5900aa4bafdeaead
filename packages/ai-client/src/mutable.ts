/** A type while a value of it is put together: written out where it is made with every call, which costs less than parts spread. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };
