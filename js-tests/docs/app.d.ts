// What the pages' programs import from "./app.js".
export interface AppUser {
  id: string
  name: string
  rooms: string[]
}
export declare function findUser(request: Request): Promise<AppUser | undefined>
export declare function save(...values: any[]): Promise<void>
export declare function greet(event: any): void
export declare function keep(event: any): void
export declare function show(value: any): void
export declare const store: { has(key?: string): Promise<boolean>; add(key?: string): Promise<void> }
