/// What a family of packages has to bring: formats that read its files, and a layout of its indexes.
package cambium.server.repository.format;
