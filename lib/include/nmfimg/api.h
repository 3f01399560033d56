/**
 * Linkage of the public interface: what each nmfimg header includes first.
 */
#ifndef NMFIMG_API_H
#define NMFIMG_API_H

#if defined(_WIN32) || defined(__CYGWIN__)
#define NMF_API
#elif defined(__GNUC__)
#define NMF_API __attribute__((visibility("default")))
#else
#define NMF_API
#endif

#ifdef __cplusplus
#define NMF_BEGIN_DECLS extern "C" {
#define NMF_END_DECLS }
#else
#define NMF_BEGIN_DECLS
#define NMF_END_DECLS
#endif

/* The version of these headers; nmf_version() gives that of the library. */
#define NMF_VERSION_MAJOR 0
#define NMF_VERSION_MINOR 1
#define NMF_VERSION_PATCH 0

NMF_BEGIN_DECLS

/** "MAJOR.MINOR.PATCH" of the library that is linked; static. */
NMF_API const char *nmf_version(void);

NMF_END_DECLS

#endif
