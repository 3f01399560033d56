#include <nmfimg/api.h>

#define TEXT(x) #x
#define VERSION(major, minor, patch) TEXT(major) "." TEXT(minor) "." TEXT(patch)

const char *nmf_version(void)
{
    return VERSION(NMF_VERSION_MAJOR, NMF_VERSION_MINOR, NMF_VERSION_PATCH);
}
