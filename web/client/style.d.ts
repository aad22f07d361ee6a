// Vite takes the style out of the script and builds a file of its own.
declare module "*.css" {}
