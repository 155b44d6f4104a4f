import "node:module";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "electron-vite";
import { join, resolve } from "node:path";
// electron.vite.config.ts
const source = (path) => resolve(import.meta.dirname, "src", path);
/** `npm run build` builds beside `out` and puts it in its place when it is whole: scripts/lib/built.mjs. */
const target = process.env.CONVSCOPE_BUILD ?? "out";
/** CommonJS everywhere outside the window: Electron loads ESM in main only from 28 on, and the sandboxed preload never. */
const commonJs = {
	format: "cjs",
	entryFileNames: "[name].js",
	chunkFileNames: "chunks/[name]-[hash].js"
};
var electron_vite_config_default = defineConfig({
	main: { build: {
		outDir: join(target, "main"),
		target: "node18",
		externalizeDeps: true,
		rollupOptions: {
			input: {
				index: source("main/index.ts"),
				engine: source("engine/worker.ts"),
				decoder: source("engine/image/decoder-process.ts"),
				work: source("engine/work/work-process.ts"),
				"kernel-thread": source("engine/kernel-thread.ts"),
				server: source("server/index.ts"),
				cli: source("cli/index.ts"),
				conformance: source("conformance/index.ts")
			},
			output: commonJs
		}
	} },
	preload: { build: {
		outDir: join(target, "preload"),
		target: "node18",
		rollupOptions: {
			input: { index: source("preload/index.ts") },
			output: commonJs
		}
	} },
	renderer: {
		root: source("renderer"),
		build: {
			outDir: join(target, "renderer"),
			target: "chrome114",
			rollupOptions: { input: source("renderer/index.html") }
		},
		plugins: [svelte()]
	}
});
export { electron_vite_config_default as default };

//# sourceMappingURL=data:application/json;charset=utf-8;base64,eyJ2ZXJzaW9uIjozLCJmaWxlIjoiZWxlY3Ryb24udml0ZS5jb25maWcuanMiLCJuYW1lcyI6W10sInNvdXJjZXMiOlsiL3RtcC9jb3JlMy93dC9lbGVjdHJvbi52aXRlLmNvbmZpZy50cyJdLCJzb3VyY2VzQ29udGVudCI6WyJpbXBvcnQgeyBzdmVsdGUgfSBmcm9tICdAc3ZlbHRlanMvdml0ZS1wbHVnaW4tc3ZlbHRlJztcbmltcG9ydCB7IGRlZmluZUNvbmZpZyB9IGZyb20gJ2VsZWN0cm9uLXZpdGUnO1xuaW1wb3J0IHsgam9pbiwgcmVzb2x2ZSB9IGZyb20gJ25vZGU6cGF0aCc7XG5cbmNvbnN0IHNvdXJjZSA9IChwYXRoOiBzdHJpbmcpOiBzdHJpbmcgPT4gcmVzb2x2ZShpbXBvcnQubWV0YS5kaXJuYW1lLCAnc3JjJywgcGF0aCk7XG5cbi8qKiBgbnBtIHJ1biBidWlsZGAgYnVpbGRzIGJlc2lkZSBgb3V0YCBhbmQgcHV0cyBpdCBpbiBpdHMgcGxhY2Ugd2hlbiBpdCBpcyB3aG9sZTogc2NyaXB0cy9saWIvYnVpbHQubWpzLiAqL1xuY29uc3QgdGFyZ2V0ID0gcHJvY2Vzcy5lbnYuQ09OVlNDT1BFX0JVSUxEID8/ICdvdXQnO1xuXG4vKiogQ29tbW9uSlMgZXZlcnl3aGVyZSBvdXRzaWRlIHRoZSB3aW5kb3c6IEVsZWN0cm9uIGxvYWRzIEVTTSBpbiBtYWluIG9ubHkgZnJvbSAyOCBvbiwgYW5kIHRoZSBzYW5kYm94ZWQgcHJlbG9hZCBuZXZlci4gKi9cbmNvbnN0IGNvbW1vbkpzID0geyBmb3JtYXQ6ICdjanMnLCBlbnRyeUZpbGVOYW1lczogJ1tuYW1lXS5qcycsIGNodW5rRmlsZU5hbWVzOiAnY2h1bmtzL1tuYW1lXS1baGFzaF0uanMnIH0gYXMgY29uc3Q7XG5cbmV4cG9ydCBkZWZhdWx0IGRlZmluZUNvbmZpZyh7XG4gIG1haW46IHtcbiAgICBidWlsZDoge1xuICAgICAgb3V0RGlyOiBqb2luKHRhcmdldCwgJ21haW4nKSxcbiAgICAgIHRhcmdldDogJ25vZGUxOCcsXG4gICAgICBleHRlcm5hbGl6ZURlcHM6IHRydWUsXG4gICAgICByb2xsdXBPcHRpb25zOiB7XG4gICAgICAgIGlucHV0OiB7XG4gICAgICAgICAgaW5kZXg6IHNvdXJjZSgnbWFpbi9pbmRleC50cycpLFxuICAgICAgICAgIGVuZ2luZTogc291cmNlKCdlbmdpbmUvd29ya2VyLnRzJyksXG4gICAgICAgICAgZGVjb2Rlcjogc291cmNlKCdlbmdpbmUvaW1hZ2UvZGVjb2Rlci1wcm9jZXNzLnRzJyksXG4gICAgICAgICAgd29yazogc291cmNlKCdlbmdpbmUvd29yay93b3JrLXByb2Nlc3MudHMnKSxcbiAgICAgICAgICAna2VybmVsLXRocmVhZCc6IHNvdXJjZSgnZW5naW5lL2tlcm5lbC10aHJlYWQudHMnKSxcbiAgICAgICAgICBzZXJ2ZXI6IHNvdXJjZSgnc2VydmVyL2luZGV4LnRzJyksXG4gICAgICAgICAgY2xpOiBzb3VyY2UoJ2NsaS9pbmRleC50cycpLFxuICAgICAgICAgIGNvbmZvcm1hbmNlOiBzb3VyY2UoJ2NvbmZvcm1hbmNlL2luZGV4LnRzJyksXG4gICAgICAgIH0sXG4gICAgICAgIG91dHB1dDogY29tbW9uSnMsXG4gICAgICB9LFxuICAgIH0sXG4gIH0sXG4gIHByZWxvYWQ6IHtcbiAgICBidWlsZDoge1xuICAgICAgb3V0RGlyOiBqb2luKHRhcmdldCwgJ3ByZWxvYWQnKSxcbiAgICAgIHRhcmdldDogJ25vZGUxOCcsXG4gICAgICByb2xsdXBPcHRpb25zOiB7IGlucHV0OiB7IGluZGV4OiBzb3VyY2UoJ3ByZWxvYWQvaW5kZXgudHMnKSB9LCBvdXRwdXQ6IGNvbW1vbkpzIH0sXG4gICAgfSxcbiAgfSxcbiAgcmVuZGVyZXI6IHtcbiAgICByb290OiBzb3VyY2UoJ3JlbmRlcmVyJyksXG4gICAgYnVpbGQ6IHtcbiAgICAgIG91dERpcjogam9pbih0YXJnZXQsICdyZW5kZXJlcicpLFxuICAgICAgdGFyZ2V0OiAnY2hyb21lMTE0JyxcbiAgICAgIHJvbGx1cE9wdGlvbnM6IHsgaW5wdXQ6IHNvdXJjZSgncmVuZGVyZXIvaW5kZXguaHRtbCcpIH0sXG4gICAgfSxcbiAgICBwbHVnaW5zOiBbc3ZlbHRlKCldLFxuICB9LFxufSk7XG4iXSwibWFwcGluZ3MiOiI7Ozs7O0FBSUEsTUFBTSxVQUFVLFNBQXlCLFFBQVEsWUFBWSxTQUFTLE9BQU8sSUFBSTs7QUFHakYsTUFBTSxTQUFTLFFBQVEsSUFBSSxtQkFBbUI7O0FBRzlDLE1BQU0sV0FBVztDQUFFLFFBQVE7Q0FBTyxnQkFBZ0I7Q0FBYSxnQkFBZ0I7QUFBMEI7QUFFekcsSUFBQSwrQkFBZSxhQUFhO0NBQzFCLE1BQU0sRUFDSixPQUFPO0VBQ0wsUUFBUSxLQUFLLFFBQVEsTUFBTTtFQUMzQixRQUFRO0VBQ1IsaUJBQWlCO0VBQ2pCLGVBQWU7R0FDYixPQUFPO0lBQ0wsT0FBTyxPQUFPLGVBQWU7SUFDN0IsUUFBUSxPQUFPLGtCQUFrQjtJQUNqQyxTQUFTLE9BQU8saUNBQWlDO0lBQ2pELE1BQU0sT0FBTyw2QkFBNkI7SUFDMUMsaUJBQWlCLE9BQU8seUJBQXlCO0lBQ2pELFFBQVEsT0FBTyxpQkFBaUI7SUFDaEMsS0FBSyxPQUFPLGNBQWM7SUFDMUIsYUFBYSxPQUFPLHNCQUFzQjtHQUM1QztHQUNBLFFBQVE7RUFDVjtDQUNGLEVBQ0Y7Q0FDQSxTQUFTLEVBQ1AsT0FBTztFQUNMLFFBQVEsS0FBSyxRQUFRLFNBQVM7RUFDOUIsUUFBUTtFQUNSLGVBQWU7R0FBRSxPQUFPLEVBQUUsT0FBTyxPQUFPLGtCQUFrQixFQUFFO0dBQUcsUUFBUTtFQUFTO0NBQ2xGLEVBQ0Y7Q0FDQSxVQUFVO0VBQ1IsTUFBTSxPQUFPLFVBQVU7RUFDdkIsT0FBTztHQUNMLFFBQVEsS0FBSyxRQUFRLFVBQVU7R0FDL0IsUUFBUTtHQUNSLGVBQWUsRUFBRSxPQUFPLE9BQU8scUJBQXFCLEVBQUU7RUFDeEQ7RUFDQSxTQUFTLENBQUMsT0FBTyxDQUFDO0NBQ3BCO0FBQ0YsQ0FBQyJ9